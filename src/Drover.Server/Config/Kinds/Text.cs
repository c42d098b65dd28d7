using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Drover.Server.Config;

/// <summary>A scalar that is checked by a rule of its own.</summary>
/// <param name="check">The value, or the complaint.</param>
internal sealed class Scalar<T>(string expects, Func<string, (T? Value, string? Complaint)> check, JsonObject? schema = null) : Kind<T>
{
    internal override string Expects => expects;

    internal override JsonObject Schema() => schema?.DeepClone().AsObject() ?? new JsonObject { ["type"] = "string" };

    internal override bool TryRead(Found found, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (found.Value is not YamlValue.Scalar scalar || scalar.IsNothing) return found.Fail($"takes {expects}, not {found.Value.Noun}");
        var (read, complaint) = check(scalar.Text);
        if (complaint is not null) return found.Fail(complaint);
        value = read!;
        return true;
    }
}

/// <summary>The scalars of the configuration.</summary>
internal static class Scalars
{
    /// <summary>One line of text.</summary>
    internal static Scalar<string> Line(string expects, int longest = 1000) => new(expects, text =>
        text.Length > longest ? (null, $"is longer than {longest} characters")
        : text.Any(char.IsControl) ? (null, "must be one line without control characters")
        : string.IsNullOrWhiteSpace(text) ? (null, "is blank")
        : (text, null));

    /// <summary>Lines of text.</summary>
    internal static readonly Scalar<string> Prose = new("a text of one or more lines", text =>
        text.Length > 32_000 ? (null, "is longer than 32,000 characters")
        : text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? (null, "must not hold control characters")
        : (text.Trim(), null));

    /// <summary>A text that another rule must accept.</summary>
    internal static Scalar<string> Checked(string expects, Func<string, bool> isRight) => new(expects, text =>
        text.Length <= 1000 && isRight(text) ? (text, null) : (null, $"'{Problems.Cut(text, 40)}' is not {expects}"));

    internal static readonly Scalar<bool> Flag = new("true or false", text => text switch
    {
        "true" => (true, null),
        "false" => (false, null),
        _ => (false, $"'{Problems.Cut(text, 40)}' is neither true nor false"),
    }, new JsonObject { ["type"] = "boolean" });

    internal static Scalar<int> Whole(int least, int most) => new($"a whole number from {least} to {most}", text =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) && n >= least && n <= most
            ? (n, null) : (0, $"'{Problems.Cut(text, 40)}' is not a whole number from {least} to {most}"),
        new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most });
}
