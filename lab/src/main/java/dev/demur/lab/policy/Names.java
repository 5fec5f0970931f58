package dev.demur.lab.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the names in a line of the policy language stand for.
public interface Names {

  /// What a name stands for; empty when it is not known.
  Optional<Ingredient> find(String name);

  /// Names to offer where one is not known; those that can be listed.
  List<String> known();

  /// The names of a table.
  static Names of(Map<String, ? extends Ingredient> table) {
    var copy = Map.<String, Ingredient>copyOf(table);
    return new Names() {
      @Override
      public Optional<Ingredient> find(String name) {
        return Optional.ofNullable(copy.get(name));
      }

      @Override
      public List<String> known() {
        return copy.keySet().stream().sorted().toList();
      }
    };
  }
}
