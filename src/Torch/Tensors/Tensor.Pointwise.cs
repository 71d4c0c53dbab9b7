using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        public static Tensor operator -(Scalar left, Tensor right) => Operator.Tensor("rsub.Scalar", right, left);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        public static Tensor operator -(Tensor tensor) => tensor.neg();

        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        public Tensor abs() => Operator.Tensor("abs", this);

        public Tensor add(Tensor target) => Operator.Tensor("add.Tensor", this, target);

        public Tensor add(Scalar scalar) => Operator.Tensor("add.Scalar", this, scalar);

        public Tensor add_(Tensor target) => Operator.InPlace(this, "add_.Tensor", this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Operator.InPlace(this, "add_.Tensor", this, target, alpha);

        public Tensor add_(Scalar scalar) => Operator.InPlace(this, "add_.Scalar", this, scalar);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Operator.InPlace(this, "addcdiv_", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Operator.InPlace(this, "addcmul_", this, tensor1, tensor2, value);

        public Tensor bitwise_and(Tensor other) => Operator.Tensor("bitwise_and.Tensor", this, other);

        public Tensor bitwise_or(Tensor other) => Operator.Tensor("bitwise_or.Tensor", this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Operator.Tensor("clamp", this, min, max);

        public Tensor cos() => Operator.Tensor("cos", this);

        public Tensor div(Tensor target) => Operator.Tensor("div.Tensor", this, target);

        public Tensor div(Scalar target) => Operator.Tensor("div.Scalar", this, target);

        public Tensor div_(Tensor target) => Operator.InPlace(this, "div_.Tensor", this, target);

        public Tensor exp() => Operator.Tensor("exp", this);

        public Tensor expm1() => Operator.Tensor("expm1", this);

        public Tensor isfinite() => Operator.Tensor("isfinite", this);

        public Tensor log() => Operator.Tensor("log", this);

        public Tensor log1p() => Operator.Tensor("log1p", this);

        public Tensor logaddexp(Tensor other) => Operator.Tensor("logaddexp", this, other);

        public Tensor logical_and(Tensor other) => Operator.Tensor("logical_and", this, other);

        public Tensor logical_not() => Operator.Tensor("logical_not", this);

        public Tensor logical_or(Tensor other) => Operator.Tensor("logical_or", this, other);

        public Tensor maximum(Tensor other) => Operator.Tensor("maximum", this, other);

        public Tensor minimum(Tensor other) => Operator.Tensor("minimum", this, other);

        public Tensor mul(Tensor target) => Operator.Tensor("mul.Tensor", this, target);

        public Tensor mul(Scalar target) => Operator.Tensor("mul.Scalar", this, target);

        public Tensor mul_(Tensor target) => Operator.InPlace(this, "mul_.Tensor", this, target);

        public Tensor mul_(Scalar target) => Operator.InPlace(this, "mul_.Scalar", this, target);

        public Tensor neg() => Operator.Tensor("neg", this);

        public Tensor pow(Scalar exponent) => Operator.Tensor("pow.Tensor_Scalar", this, exponent);

        public Tensor reciprocal() => Operator.Tensor("reciprocal", this);

        public Tensor rsqrt() => Operator.Tensor("rsqrt", this);

        public Tensor sigmoid() => Operator.Tensor("sigmoid", this);

        public Tensor silu() => Operator.Tensor("silu", this);

        public Tensor sin() => Operator.Tensor("sin", this);

        public Tensor sqrt() => Operator.Tensor("sqrt", this);

        public Tensor square() => Operator.Tensor("square", this);

        public Tensor sub(Tensor target) => Operator.Tensor("sub.Tensor", this, target);

        public Tensor sub(Scalar target) => Operator.Tensor("sub.Scalar", this, target);

        public Tensor sub_(Tensor target) => Operator.InPlace(this, "sub_.Tensor", this, target);

        public Tensor tanh() => Operator.Tensor("tanh", this);

        public Tensor where(Tensor condition, Tensor y) => Operator.Tensor("where.self", condition, this, y);
    }
}
