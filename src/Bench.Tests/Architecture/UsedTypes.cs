using System.Reflection;
using System.Reflection.Emit;

namespace Bench.Tests.Architecture;

/// <summary>Every type that a type uses: in its declaration, its members' signatures and the instructions of its methods.</summary>
internal static class UsedTypes
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IEnumerable<Type> Of(Type type)
    {
        IEnumerable<Type?> declared =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(Own).Select(field => field.FieldType),
            .. Methods(type).SelectMany(Signature),
            .. Methods(type).SelectMany(Instructions),
        ];
        return declared.OfType<Type>().SelectMany(Parts).Distinct();
    }

    /// <summary>Every method, constructor and property accessor that a type's own methods call.</summary>
    public static IEnumerable<MethodBase> CallsOf(Type type) => Methods(type).SelectMany(Members).OfType<MethodBase>().Distinct();

    private static IEnumerable<MethodBase> Methods(Type type) => [.. type.GetMethods(Own), .. type.GetConstructors(Own)];

    private static IEnumerable<Type> Signature(MethodBase method) =>
    [
        .. method.GetParameters().Select(parameter => parameter.ParameterType),
        .. method is MethodInfo { ReturnType: { } returned } ? [returned] : Type.EmptyTypes,
        .. method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [],
    ];

    // A list of numbers is made of List and of numbers.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        return type.IsGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }

    private static IEnumerable<Type> Instructions(MethodBase method) => Members(method).SelectMany(member => member switch
    {
        Type used => [used],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodBase called => [called.DeclaringType!, .. called.IsGenericMethod ? called.GetGenericArguments() : []],
        _ => Type.EmptyTypes,
    });

    private static IEnumerable<MemberInfo> Members(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
                value = (short)((value << 8) | code[at++]);
            var operand = OpCodesByValue[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineTok)
            {
                if (Resolve(method, BitConverter.ToInt32(code, at)) is { } used)
                    yield return used;
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(
        token,
        method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);
}
