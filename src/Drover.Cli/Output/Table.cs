using System.Text;

namespace Drover.Cli.Output;

/// <summary>Rows under a heading, each column as wide as its widest cell; the last one is not padded.</summary>
internal sealed class Table(params string[] heading)
{
    private readonly List<string[]> _rows = [heading];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(c => Terminal.Line(c is null or "" ? "-" : c, 80))]);

    public void Write(TextWriter output)
    {
        var widths = new int[heading.Length];
        foreach (var row in _rows)
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        for (var r = 0; r < _rows.Count; r++)
        {
            var line = new StringBuilder();
            for (var i = 0; i < heading.Length; i++) line.Append(i == heading.Length - 1 ? _rows[r][i] : _rows[r][i].PadRight(widths[i] + 2));
            output.WriteLine(r == 0 ? Terminal.Strong(line.ToString()) : line.ToString());
        }
    }
}
