/** What is the kind objects' alone in the house: the files of the tool that came before. */
@NullMarked
package io.cotidal.app.objects;

import org.jspecify.annotations.NullMarked;
