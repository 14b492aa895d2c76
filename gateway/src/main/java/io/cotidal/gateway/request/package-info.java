/**
 * What a request is about, by its head alone: which account or container it changes, and which of
 * its fields a site may see. Pure. Names are decoded only to know them; what is sent on is what
 * came.
 *
 * <p>A path is taken apart as Swift does it: the whole of it is decoded once, and then cut at its
 * slashes, so {@code %2F} between two names is a slash, and in the name of an object nobody cares.
 * What Swift would refuse is passed on for it to refuse. Requests that go through containers
 * without being about one are left alone: uploads and deletions in bulk, forms, the S3 interface,
 * the containers that Swift makes for old versions and for segments. What they change is found by
 * comparison.
 *
 * <p>{@code X-Container-Sync-Auth} is left to the site, which verifies it and refuses a wrong one;
 * nobody gains by sending it, and a request that has it is watched like any other. Without it, the
 * synchronisation of Swift itself could not come through a gateway.
 */
@NullMarked
package io.cotidal.gateway.request;

import org.jspecify.annotations.NullMarked;
