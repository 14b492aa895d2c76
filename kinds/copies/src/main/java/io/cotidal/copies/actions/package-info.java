/** What people can ask of templates and copies, declared once. */
@NullMarked
package io.cotidal.copies.actions;

import org.jspecify.annotations.NullMarked;
