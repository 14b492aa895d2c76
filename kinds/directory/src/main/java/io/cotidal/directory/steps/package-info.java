/** Acts on real servers, over the target's seam. Depends on plan, target, spec and observe. */
@NullMarked
package io.cotidal.directory.steps;

import org.jspecify.annotations.NullMarked;
