return Drover.Cli.Main.Run(args, Console.Out, Console.Error);
