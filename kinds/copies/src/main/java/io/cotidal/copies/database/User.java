package io.cotidal.copies.database;

import io.cotidal.model.Secret;

/**
 * Who may log in to a copy, and to what.
 *
 * @param name the account
 * @param password random, of this copy alone
 * @param database the database that holds the template's data
 */
public record User(String name, Secret password, String database) {}
