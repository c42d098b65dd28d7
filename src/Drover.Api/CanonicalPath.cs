namespace Drover.Api;

public static class CanonicalPath
{
    /// <summary>The absolute path with every symbolic link on the way resolved; parts that do not exist stay as they are written.
    /// A circle of links is left unresolved.</summary>
    public static string Of(string path)
    {
        var rest = new Stack<string>(Parts(Path.GetFullPath(path)));
        var done = "/";
        for (var links = 0; rest.Count > 0;)
        {
            var next = Path.Combine(done, rest.Pop());
            var target = links < 40 ? new FileInfo(next).LinkTarget : null;
            if (target is null)
            {
                done = next;
                continue;
            }

            links++;
            foreach (var part in Parts(Path.GetFullPath(target, done))) rest.Push(part);
            done = "/";
        }

        return done;
    }

    private static IEnumerable<string> Parts(string absolute) => absolute.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse();
}
