package dev.demur.lab.policy;

/// What an ingredient is used for, and which kinds serve.
enum Uses {
  /// Scaled along, or compared with: a direction or a subspace.
  SCALED("a direction or a subspace"),
  /// Added or set.
  DIRECTION("a direction"),
  /// Moved relative to a centre.
  CENTRED("a direction with a centre"),
  /// Mapped by.
  MAP("a map"),
  /// Scored by.
  SCORED("a probe or a direction");

  private final String text;

  Uses(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  boolean fits(Ingredient ingredient) {
    return switch (ingredient) {
      case Ingredient.Line _ -> this == SCALED || this == DIRECTION || this == SCORED;
      case Ingredient.Centred _ -> this != MAP;
      case Ingredient.Subspace _ -> this == SCALED;
      case Ingredient.LinearMap _ -> this == MAP;
      case Ingredient.Detector _ -> this == SCORED;
    };
  }

  static Uses of(Operator operator) {
    return switch (operator) {
      case Operator.Scale _ -> SCALED;
      case Operator.Add _, Operator.Clamp _ -> DIRECTION;
      case Operator.Affine _ -> CENTRED;
      case Operator.Map _ -> MAP;
      case Operator.KeepNorm(var inner) -> of(inner);
    };
  }

  static Uses of(Gate gate) {
    return switch (gate) {
      case Gate.Always _, Gate.Above _ -> SCORED;
      case Gate.Cosine _ -> SCALED;
      case Gate.Not(var inner) -> of(inner);
    };
  }
}
