package dev.demur.app.command.audit;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.DirectionFile;
import dev.demur.lab.direction.Operation;
import dev.demur.lab.direction.Provenance;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/// A direction found in weights. Its sign, length, layer and position are not known, so that it is
/// good for ablation only.
///
/// @param unit `[d_model]`, length 1
/// @param layers of the model it was found in
/// @param provenance where it comes from
record RecoveredDirection(Tensor unit, int layers, Provenance provenance) {

  /// Writes it as a direction file that says so.
  void write(Path out) throws IOException {
    var middle = new HookPoint(layers / 2, Site.RESID_PRE); // as good as any
    var direction = new Direction(unit.to(DType.F32), 1, middle, -1);
    new DirectionFile(direction, Set.of(Operation.ABLATION), provenance).write(out);
  }
}
