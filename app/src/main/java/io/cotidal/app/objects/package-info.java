/**
 * What is the kind objects' alone in the house: the gateway before a site as a process, and the
 * files of the tool that came before.
 */
@NullMarked
package io.cotidal.app.objects;

import org.jspecify.annotations.NullMarked;
