namespace Drover.Server.Config;

/// <summary>A value of a YAML file with the place it stands at (both from 1).</summary>
internal abstract record YamlValue(int Line, int Column)
{
    /// <param name="IsQuoted">Written in quotes or as a block: then <c>true</c> and the empty text are texts too.</param>
    internal sealed record Scalar(string Text, bool IsQuoted, int Line, int Column) : YamlValue(Line, Column)
    {
        internal bool IsNothing => !IsQuoted && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    internal sealed record List(IReadOnlyList<YamlValue> Items, int Line, int Column) : YamlValue(Line, Column);

    /// <summary>The entries as written, in order, doubled keys included.</summary>
    internal sealed record Map(IReadOnlyList<Entry> Entries, int Line, int Column) : YamlValue(Line, Column);

    internal sealed record Entry(Scalar Key, YamlValue Value);

    /// <summary>The word for it in a message.</summary>
    internal string Noun => this switch
    {
        Scalar { IsNothing: true } => "nothing",
        Scalar s => $"'{Problems.Cut(s.Text, 40)}'",
        List => "a list",
        Map => "a mapping",
        _ => throw new InvalidOperationException("an unknown kind of YAML value"),
    };
}
