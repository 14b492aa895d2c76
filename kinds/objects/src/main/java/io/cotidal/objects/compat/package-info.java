/**
 * What Swift Autosync left behind: its settings in the files of Swift's servers, and what of them
 * holds for a namespace of Cotidal. Pure: texts in, texts out.
 */
@NullMarked
package io.cotidal.objects.compat;

import org.jspecify.annotations.NullMarked;
