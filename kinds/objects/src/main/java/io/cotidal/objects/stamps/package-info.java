/** When gateways let containers and accounts be changed, kept at the sites where they were. */
@NullMarked
package io.cotidal.objects.stamps;

import org.jspecify.annotations.NullMarked;
