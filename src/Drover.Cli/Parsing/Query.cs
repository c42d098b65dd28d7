using System.Text;

namespace Drover.Cli.Parsing;

internal static class Query
{
    /// <summary>An address with those of the values that are given.</summary>
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var address = new StringBuilder(path);
        var mark = '?';
        foreach (var (name, value) in values)
        {
            if (value is null) continue;
            address.Append(mark).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }

        return address.ToString();
    }
}
