/** What every target of the kind must show, and the real servers on which it is shown. */
@NullMarked
package io.cotidal.directory.conformance;

import org.jspecify.annotations.NullMarked;
