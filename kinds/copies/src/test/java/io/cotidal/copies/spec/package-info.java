/** Tests of the typed configuration. */
@org.jspecify.annotations.NullMarked
package io.cotidal.copies.spec;
