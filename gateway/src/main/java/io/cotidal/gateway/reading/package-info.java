/**
 * What clients are given of other sites: objects that their own site has not, or cannot give, and
 * lists of accounts that hold the containers of all sites.
 *
 * <p>With our rights at another site nothing is read for a client that the client's own site has
 * not allowed:
 *
 * <ul>
 *   <li>Only what the own site has answered with 404 itself, as Swift does after it has let the
 *       client in. A request that two middlewares may understand differently, as one signed for S3
 *       whose path looks like ours, is left alone.
 *   <li>Only from a client that has come by the site's own name or address: where containers have
 *       hosts of their own, a path means something else.
 *   <li>Only bytes of plain objects, as they are kept. Another site never follows a link or a
 *       manifest for us: it would do so with our rights, and whoever may write there could turn it
 *       elsewhere in the middle. We follow them, ask the own site as the client for each container
 *       that they name, and put a large object together from its segments.
 *   <li>Only in accounts that are the same at all sites: others of the same name may be somebody
 *       else's.
 * </ul>
 *
 * <p>Who has no token is passed on without ours: the other site judges for itself.
 */
@NullMarked
package io.cotidal.gateway.reading;

import org.jspecify.annotations.NullMarked;
