using System.Globalization;

namespace Drover.Agents;

/// <summary>A setting that one adapter knows: a name under <c>options:</c> of an agent in <c>drover.yaml</c>.</summary>
/// <param name="Expects">What a reader is told to write there.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="IsRight">Whether a value can be taken.</param>
public sealed record AdapterOption(string Name, string Expects, string Meaning, Func<string, bool> IsRight)
{
    internal static AdapterOption Word(string name, string meaning, params string[] words) =>
        new(name, string.Join(", ", words.Select(w => $"`{w}`")), meaning, text => words.Contains(text, StringComparer.Ordinal));

    /// <summary>A text that becomes an argument of its own; one that begins with a dash would be read as an option.</summary>
    internal static AdapterOption Text(string name, string expects, string meaning) =>
        new(name, expects, meaning, text => text.Length > 0 && text[0] != '-');

    internal static AdapterOption Whole(string name, int least, int most, string meaning) => new(name, $"a whole number from {least} to {most}", meaning, text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most);

    internal static AdapterOption Dollars(string name, string meaning) => new(name, "an amount of US dollars above 0, such as 2.50", meaning, text =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and < 1_000_000);
}
