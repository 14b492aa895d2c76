/**
 * What joins the kind copies to the rest of the house: which templates there are, and the
 * original's API over the daemon.
 */
@NullMarked
package io.cotidal.app.copies;

import org.jspecify.annotations.NullMarked;
