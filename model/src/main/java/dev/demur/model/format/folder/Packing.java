package dev.demur.model.format.folder;

import dev.demur.model.format.LocatedWeights.Located;
import dev.demur.model.format.Quantisation;
import dev.demur.model.format.Quantisation.Awq;
import dev.demur.model.format.Quantisation.CompressedTensors;
import dev.demur.model.format.Quantisation.Floating;
import dev.demur.model.format.Quantisation.Gptq;
import dev.demur.model.format.Quantisation.None;
import java.io.IOException;
import java.util.Optional;

/// How the tensors of a quantised checkpoint make matrices.
interface Packing {

  /// The matrix whose numbers a tensor holds; empty when it holds none, or plain ones.
  ///
  /// @throws dev.demur.model.format.ModelFormatException if its parts do not go together
  Optional<Located> matrix(String name, Parts parts) throws IOException;

  /// Whether a tensor is only of use together with another one.
  boolean isPart(String name, Parts parts) throws IOException;

  /// How a checkpoint is packed.
  static Packing of(Quantisation quantisation) {
    return switch (quantisation) {
      case None _, Floating _ -> new Plain();
      case Gptq gptq -> new GptqPacking(gptq);
      case Awq awq -> new AwqPacking(awq);
      case CompressedTensors compressed -> new CompressedPacking(compressed);
    };
  }

  /// Every tensor is what its name says.
  record Plain() implements Packing {

    @Override
    public Optional<Located> matrix(String name, Parts parts) {
      return Optional.empty();
    }

    @Override
    public boolean isPart(String name, Parts parts) {
      return false;
    }
  }
}
