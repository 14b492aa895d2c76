/** Templates and copies on real servers, through the API. */
@NullMarked
package io.cotidal.app.copies;

import org.jspecify.annotations.NullMarked;
