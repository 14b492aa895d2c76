/**
 * What gateways leave at their own sites for each other and for the daemon: when they let
 * containers and accounts be changed, and what they overruled.
 */
@NullMarked
package io.cotidal.objects.stamps;

import org.jspecify.annotations.NullMarked;
