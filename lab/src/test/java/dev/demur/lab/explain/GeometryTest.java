package dev.demur.lab.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.demur.kit.Scoped;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

@Scoped
class GeometryTest {

  @Test
  void theStableRankCountsDirectionsByTheirEnergy() {
    var along = Tensor.of(new float[] {1, 2, 3, 2, 4, 6, -1, -2, -3}, 3, 3).to(DType.F64);
    assertThat(Geometry.stableRank(along)).isCloseTo(1, within(1e-9));
    var even = Tensor.of(new float[] {2, 0, 0, 0, 2, 0, 0, 0, 2}, 3, 3).to(DType.F64);
    assertThat(Geometry.stableRank(even)).isCloseTo(3, within(1e-9));
    var uneven = Tensor.of(new float[] {2, 0, 0, 1}, 2, 2).to(DType.F64);
    assertThat(Geometry.stableRank(uneven)).isCloseTo(5.0 / 4, within(1e-9));
    assertThat(Geometry.stableRank(Tensor.zeros(DType.F64, 2, 2))).isZero();
  }
}
