/** Tests of the ledger. */
@NullMarked
package io.cotidal.objects.ledger;

import org.jspecify.annotations.NullMarked;
