package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

/**
 * How a secret is referred to: {@code {secret: env:NAME}} and nothing else. Whatever else stands in
 * its place may be the secret itself, so no reason here quotes it.
 */
final class SecretReference {
  static final String REMEDY = "write secret: env:NAME or secret: file:PATH below it";

  private SecretReference() {}

  /** The text that refers; it has not been resolved. */
  static Form.Read<Tree.Text> in(Tree tree) {
    if (!(tree instanceof Tree.Mapping mapping)) {
      return unfit("holds a value, not a reference", REMEDY);
    }
    Tree.Entry entry = mapping.entries().get("secret");
    if (mapping.entries().size() != 1 || !mapping.repeated().isEmpty() || entry == null) {
      return unfit("takes the key secret and no other", REMEDY);
    }
    return entry.value() instanceof Tree.Text reference
        ? fit(reference)
        : unfit("holds a value, not a reference", REMEDY);
  }
}
