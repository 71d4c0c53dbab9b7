using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bench.Results.Files;
using Bench.Results.Runs;

namespace Bench.Results;

/// <summary>
/// One spelling for one value, so that a hash of it is an identity: RFC 8785 (sorted keys, shortest numbers, no white
/// space), except that whole numbers written without a point keep all their digits beyond 2^53.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The form that is hashed.</summary>
    public static string Compact(JsonElement value) => Write(value, indented: false);

    /// <summary>The same keys in the same order with line breaks: the form that people read.</summary>
    public static string Indented(JsonElement value) => Write(value, indented: true) + "\n";

    private static string Write(JsonElement value, bool indented)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
            Write(writer, value);

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in Sorted(value))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value.GetRawText()));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static JsonProperty[] Sorted(JsonElement value)
    {
        JsonProperty[] properties = [.. value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal)];
        for (int i = 1; i < properties.Length; i++)
        {
            if (properties[i].Name == properties[i - 1].Name)
                throw new FormatException($"the key '{properties[i].Name}' is there twice");
        }

        return properties;
    }

    /// <summary>A number as ECMAScript prints it: the shortest digits that read back as the same double.</summary>
    private static string Number(string literal)
    {
        if (literal.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0)
            return literal is "-0" ? "0" : literal;

        double value = double.Parse(literal, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
            throw new FormatException($"{literal} is beyond the largest double");
        if (value == 0)
            return "0";

        // "E16" of a shortest round trip: take the digits of "R" and place the point as ECMAScript does.
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        int exponentAt = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = exponentAt < 0
            ? 0
            : int.Parse(shortest.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = exponentAt < 0 ? shortest : shortest[..exponentAt];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int whole = (point < 0 ? mantissa.Length : point) + exponent;
        string padded = mantissa.Replace(".", "", StringComparison.Ordinal);
        string digits = padded.TrimStart('0');
        whole -= padded.Length - digits.Length;
        return (value < 0 ? "-" : "") + Place(digits.TrimEnd('0'), whole);
    }

    /// <summary>0.digits × 10^whole.</summary>
    private static string Place(string digits, int whole) => whole switch
    {
        > 21 or <= -6 => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + (whole > 0 ? "e+" : "e-") + Math.Abs(whole - 1),
        <= 0 => "0." + new string('0', -whole) + digits,
        _ when digits.Length <= whole => digits + new string('0', whole - digits.Length),
        _ => digits[..whole] + "." + digits[whole..],
    };
}

/// <summary>How records are written as JSON: snake_case keys in order, line feeds, absent values left out.</summary>
internal static class JsonFormat
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<RunState>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static string Text<T>(T value) => CanonicalJson.Indented(JsonSerializer.SerializeToElement(value, Options));

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="SuiteException">The file is not what its name says.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(InputFile.ReadText(path), Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException broken)
        {
            throw new SuiteException(
                $"{path}: this file is damaged: {broken.Message}",
                "Restore the file, or delete the run's folder and run the experiment again.",
                broken);
        }
    }
}
