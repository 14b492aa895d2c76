/**
 * Which jobs a replica takes: a small total language, the lambdas that replicas have today. Pure.
 */
@NullMarked
package io.cotidal.feeds.filter;

import org.jspecify.annotations.NullMarked;
