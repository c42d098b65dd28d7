namespace Drover.Server.Verbs;

internal static class CheckoutRoot
{
    /// <summary>The directory at or above this one that holds a <c>.git</c>; the directory itself when there is none.</summary>
    public static string Above(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
            if (Path.Exists(Path.Combine(at.FullName, ".git"))) return at.FullName;
        return directory;
    }
}
