/** The engine and the plans of templates and copies, at work on a host on paper. */
@org.jspecify.annotations.NullMarked
package io.cotidal.copies.plan;
