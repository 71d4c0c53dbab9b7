using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public Tensor eq(Tensor target) => Operator.Tensor("eq.Tensor", this, target);

        public Tensor eq(Scalar target) => Operator.Tensor("eq.Scalar", this, target);

        public Tensor ne(Tensor target) => Operator.Tensor("ne.Tensor", this, target);

        public Tensor ne(Scalar target) => Operator.Tensor("ne.Scalar", this, target);

        public Tensor lt(Tensor target) => Operator.Tensor("lt.Tensor", this, target);

        public Tensor lt(Scalar target) => Operator.Tensor("lt.Scalar", this, target);

        public Tensor le(Tensor target) => Operator.Tensor("le.Tensor", this, target);

        public Tensor le(Scalar target) => Operator.Tensor("le.Scalar", this, target);

        public Tensor gt(Tensor target) => Operator.Tensor("gt.Tensor", this, target);

        public Tensor gt(Scalar target) => Operator.Tensor("gt.Scalar", this, target);

        public Tensor ge(Tensor target) => Operator.Tensor("ge.Tensor", this, target);

        public Tensor ge(Scalar target) => Operator.Tensor("ge.Scalar", this, target);
    }
}
