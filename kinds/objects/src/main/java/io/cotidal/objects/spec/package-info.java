/** What an operator asks for: which sites, which containers where, and how careful. Pure. */
@NullMarked
package io.cotidal.objects.spec;

import org.jspecify.annotations.NullMarked;
