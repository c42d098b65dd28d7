namespace Drover.Node;

internal static class TextFile
{
    /// <summary>The whole of a small file, or null when it is not there. Any other trouble is thrown.</summary>
    internal static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
