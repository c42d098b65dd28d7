using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Drover.Server.Config;

/// <summary>Reads a small YAML file into values that know their line and column. It refuses what a configuration never needs and an attack does:
/// anchors and aliases, tags, several documents, deep nesting, huge files, bytes that are no text.</summary>
internal static class YamlTree
{
    internal const int MostBytes = 1024 * 1024;
    internal const int MostLevels = 16;

    /// <summary>Null when the file cannot be read at all (then a problem says why) or holds nothing.</summary>
    internal static YamlValue? Read(ReadOnlySpan<byte> bytes, Problems problems)
    {
        if (bytes.Length > MostBytes)
        {
            problems.Add(1, 1, "", $"the file has {bytes.Length:N0} bytes; at most {MostBytes:N0} are read");
            return null;
        }

        if (Decode(bytes, problems) is not { } text) return null;
        var parser = new Parser(new StringReader(text));
        try
        {
            return Document(parser, problems);
        }
        catch (YamlException e)
        {
            problems.Add((int)e.Start.Line, (int)e.Start.Column, "", $"this is no YAML: {Problems.Cut(e.Message, 300)}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner forgets to make a YamlException of some broken flow collections ("[1, 2" and a key in the next line).
            var end = parser.Current?.End ?? new Mark(0, 1, 1);
            problems.Add((int)end.Line, (int)end.Column, "", "this is no YAML: after this place a list or mapping in brackets is broken");
            return null;
        }
        catch (Refused e)
        {
            problems.Add((int)e.Where.Line, (int)e.Where.Column, "", e.Message);
            return null;
        }
    }

    private static string? Decode(ReadOnlySpan<byte> bytes, Problems problems)
    {
        var nul = bytes.IndexOf((byte)0);
        if (nul >= 0)
        {
            problems.Add(1 + bytes[..nul].Count((byte)'\n'), nul - bytes[..nul].LastIndexOf((byte)'\n'), "", "the file holds a NUL byte; it must be UTF-8 text");
            return null;
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            problems.Add(1 + bytes[..Math.Max(0, e.Index)].Count((byte)'\n'), 1, "", "the file is not UTF-8 text");
            return null;
        }
    }

    private static YamlValue? Document(IParser parser, Problems problems)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _)) return null;
        var value = Value(parser, 1);
        parser.Consume<DocumentEnd>();
        if (!parser.Accept<StreamEnd>(out _)) throw new Refused(parser.Current!.Start, "a second document begins here; the file holds one");
        return value is YamlValue.Scalar { IsNothing: true } ? null : value;
    }

    private static YamlValue Value(IParser parser, int level)
    {
        parser.MoveNextIfNeeded();
        var here = parser.Current ?? throw new Refused(new Mark(0, 1, 1), "the file ends in the middle of a value");
        if (level > MostLevels) throw new Refused(here.Start, $"nested more than {MostLevels} levels deep");
        if (here is AnchorAlias || here is NodeEvent { Anchor.IsEmpty: false })
            throw new Refused(here.Start, "anchors and aliases (& and *) are not supported; write the value out, or put it in quotes if it is a text");
        if (here is NodeEvent { Tag.IsEmpty: false }) throw new Refused(here.Start, "tags (!) are not supported; put the value in quotes if it is a text");

        if (parser.TryConsume<Scalar>(out var scalar)) return From(scalar);
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Value(parser, level + 1));
            return new YamlValue.List(items, (int)list.Start.Line, (int)list.Start.Column);
        }

        var map = parser.Consume<MappingStart>();
        var entries = new List<YamlValue.Entry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Value(parser, level + 1) is not YamlValue.Scalar key) throw new Refused(map.Start, "a key must be a plain word");
            entries.Add(new(key, Value(parser, level + 1)));
        }

        return new YamlValue.Map(entries, (int)map.Start.Line, (int)map.Start.Column);
    }

    private static YamlValue.Scalar From(Scalar scalar) =>
        new(scalar.Value, scalar.Style != ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);

    private static void MoveNextIfNeeded(this IParser parser)
    {
        if (parser.Current is null) parser.MoveNext();
    }

    private sealed class Refused(Mark where, string message) : Exception(message)
    {
        internal Mark Where { get; } = where;
    }
}
