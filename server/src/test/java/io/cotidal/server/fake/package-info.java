/**
 * A small control plane in memory that keeps what it is told, for tests of the API and for looking
 * at the page.
 */
@NullMarked
package io.cotidal.server.fake;

import org.jspecify.annotations.NullMarked;
