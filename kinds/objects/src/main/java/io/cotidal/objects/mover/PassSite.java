package io.cotidal.objects.mover;

import io.cotidal.objects.swift.Swift;

/**
 * A site of a pass.
 *
 * @param swift its client
 * @param governor how much it is asked at the same time; the same one for all passes
 * @param placed whether the container is to lie there; where it is not, it leaves
 */
public record PassSite(Swift swift, Governor governor, boolean placed) {}
