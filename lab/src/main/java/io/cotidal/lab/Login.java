package io.cotidal.lab;

import io.cotidal.model.Secret;

/** As whom a prober logs in, and where. */
public record Login(String user, Secret password, String database) {}
