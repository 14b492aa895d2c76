/** Tests of proofs. */
@NullMarked
package io.cotidal.objects.prove;

import org.jspecify.annotations.NullMarked;
