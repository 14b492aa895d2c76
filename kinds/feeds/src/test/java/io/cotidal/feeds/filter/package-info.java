/** Tests of the filters' language. */
@NullMarked
package io.cotidal.feeds.filter;

import org.jspecify.annotations.NullMarked;
