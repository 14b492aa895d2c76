/**
 * How one primary takes another one's place: who may, what proves the old one gone, in which steps.
 */
@NullMarked
package io.cotidal.postgres.plan.succession;

import org.jspecify.annotations.NullMarked;
