package io.cotidal.objects.swift;

import io.cotidal.objects.names.Timestamp;

/**
 * One line of an account's listing. The counts follow the container with a delay, or never.
 *
 * @param changed when the container was made, or its counts last told
 */
public record ContainerRow(String name, long objects, long bytes, Timestamp changed) {}
