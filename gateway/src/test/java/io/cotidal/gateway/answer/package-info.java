/** What clients are told. */
@NullMarked
package io.cotidal.gateway.answer;

import org.jspecify.annotations.NullMarked;
