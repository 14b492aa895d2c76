/** Tests of the store; {@link io.cotidal.store.StoreConformance} holds for every store. */
@NullMarked
package io.cotidal.store;

import org.jspecify.annotations.NullMarked;
