@NullMarked
package io.cotidal.app.reload;

import org.jspecify.annotations.NullMarked;
