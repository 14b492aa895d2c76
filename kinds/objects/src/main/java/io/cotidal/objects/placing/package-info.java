/**
 * Which container lies at which sites, what each site is for, and what clients are promised: what
 * the daemon tells gateways, as a small document. Decided on paper.
 */
@NullMarked
package io.cotidal.objects.placing;

import org.jspecify.annotations.NullMarked;
