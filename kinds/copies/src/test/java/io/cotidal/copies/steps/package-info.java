/** Tests of the parts of looks and acts that need no server. */
@org.jspecify.annotations.NullMarked
package io.cotidal.copies.steps;
