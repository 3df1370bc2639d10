import Commands

await Gatehouse.run()
