/**
 * Serves the page's files from the class path.
 *
 * <p>Depends on http.
 */
@NullMarked
package io.cotidal.server.page;

import org.jspecify.annotations.NullMarked;
