namespace Drover.Core;

/// <summary>Brings a path that an agent named into one spelling, by its text alone: links are not followed, the sandbox is what holds them.</summary>
internal static class AskedPath
{
    /// <summary>Relative to <paramref name="root"/> when it lies below it, else absolute; null when nobody can say where it leads.</summary>
    /// <param name="root">Absolute.</param>
    public static string? Of(string path, string root)
    {
        if (path.Length == 0 || path[0] == '~' || path.Any(char.IsControl)) return null;
        var segments = new List<string>();
        foreach (var segment in (path[0] == '/' ? path : $"{root}/{path}").Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") segments.Add(segment);
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        var whole = "/" + string.Join('/', segments);
        var below = root.TrimEnd('/') + "/";
        return whole == root.TrimEnd('/') ? "." : whole.StartsWith(below, StringComparison.Ordinal) ? whole[below.Length..] : whole;
    }
}
